//! Flows with real hooks. Needs the compiler: bundles are built from source here, never faked.
