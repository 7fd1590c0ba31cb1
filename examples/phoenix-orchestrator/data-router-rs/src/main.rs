//! Entry point of data-router-rs.

fn main() {
    println!("data-router-rs");
}
