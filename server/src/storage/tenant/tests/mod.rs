//! Tests of the tenants' databases: the same behaviour on both, and attacks on each layer of each.

mod attacks;
mod behaviour;
mod budgets;
mod migrations;
mod subject;
