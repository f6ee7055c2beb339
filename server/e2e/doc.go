// Package e2e is tests only: pages in a real Chromium and a real Firefox call each other
// through a real server that runs in the test's process. What a page does is written as
// JavaScript on the public API; what must come of it is awaited, never slept for.
//
// The package owns the browsers, one process for each set of flags, shared by all tests
// under a mutex and ended by TestMain. A page, a site and what they log belong to the
// goroutine of the test that opened them, and end with it.
package e2e
