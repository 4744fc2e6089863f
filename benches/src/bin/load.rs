//! `load`: see `vambe_benches::main`.

fn main() -> Result<(), vambe_benches::Failure> {
    vambe_benches::main()
}
