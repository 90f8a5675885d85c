// Exact numbers: decimal.js, bignumber.js.
import BigNumber from "bignumber.js";
import { Decimal } from "decimal.js";

export const cases = {
  decimal: () => [new Decimal("0.1").plus("0.2").toString(), new Decimal(2).sqrt().toString(), Decimal.exp(1).toFixed(15), new Decimal("1e500").div(3).toExponential(5), new Decimal("-0").toString(), Decimal.sin(1).toString(), new Decimal(255).toHex()],
  decimalBad: () => new Decimal("x"),
  bignumber: () => [new BigNumber("123456789.123456789").times("987654321.987654321").toFixed(), new BigNumber(1).div(3).toString(), new BigNumber(255).toString(16), new BigNumber("1234567.891").toFormat(2)],
  bignumberBad: () => new BigNumber("x"),
  pow: () => [new BigNumber(3).pow(200).toFixed(), new Decimal(3).pow(-3.5).toString()],
};
