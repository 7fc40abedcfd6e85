import CGSL
import Testing

/// libgsl brings libgslcblas along, whose `cblas_dgemm` is 16 times slower than
/// OpenBLAS's and answers to the same name. Which one a process calls is decided
/// by link order, silently, so it is pinned here.
@Test func blasCallsReachOpenBLAS() throws {
    let path = String(cString: try #require(cgsl_path_of_cblas_dgemm()))
    #expect(path.contains("openblas"), "cblas_dgemm comes from \(path)")
    #expect(!path.contains("gslcblas"), "cblas_dgemm comes from \(path)")
}
