import { AsYouType, getCountryCallingCode, isValidPhoneNumber, parsePhoneNumberFromString, parsePhoneNumberWithError } from "libphonenumber-js";

export const cases = {
  formats: () => { const number = parsePhoneNumberFromString("0151 12345678", "DE"); return [number.number, number.formatNational(), number.formatInternational(), number.getURI(), number.isValid(), number.country]; },
  valid: () => ["+1 213 373 4253", "123", "+49 151 1", "8 (800) 555-35-35"].map((text) => isValidPhoneNumber(text, "RU")),
  thrown: () => parsePhoneNumberWithError("x"),
  asYouType: () => new AsYouType("US").input("2133734253"),
  code: () => getCountryCallingCode("FR"),
};
