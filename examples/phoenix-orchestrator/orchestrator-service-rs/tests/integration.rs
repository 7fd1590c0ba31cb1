//! The services together, as docker-compose.yml starts what they need.

#[test]
fn the_queue_can_be_reached() {
    let address = std::env::var("REDIS_ADDRESS").unwrap_or("127.0.0.1:6379".into());
    assert!(std::net::TcpStream::connect(address).is_ok());
}
