"use strict";
exports.commonJs = function commonJs(any) {
  var value = any.missing;
  return value./*@commonJs*/name;
};
