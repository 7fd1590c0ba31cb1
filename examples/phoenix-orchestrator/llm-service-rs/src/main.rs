//! Entry point of llm-service-rs.

fn main() {
    println!("llm-service-rs");
}
