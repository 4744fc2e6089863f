use vambe_api::metadata;

fn main() {
    let key = "order_id";
    let _ = metadata! { "order_id" => 1, "priority" => "high", "order_id" => 2 };
    let _ = metadata! {};
    let _ = metadata! { key => 1, concat!("a", "b") => 2 };
    let _: vambe_api::Metadata = metadata! { 1 => 1, "id" => 1, "id" => 2 };
}
