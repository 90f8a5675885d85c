//! Tests of the tenants' databases: the same behaviour on both, and attacks on each layer of each.

mod attacks;
mod behaviour;
mod bounded;
mod budgets;
mod migrations;
mod removal;
mod restored;
mod slots;
mod subject;
