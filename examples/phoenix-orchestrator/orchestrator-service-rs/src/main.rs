//! Entry point of orchestrator-service-rs.

fn main() {
    println!("orchestrator-service-rs");
}
