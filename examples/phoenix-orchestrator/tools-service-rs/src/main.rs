//! Entry point of tools-service-rs.

fn main() {
    println!("tools-service-rs");
}
