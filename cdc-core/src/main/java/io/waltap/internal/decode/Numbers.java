package io.waltap.internal.decode;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Numbers, none of them rounded on the way except from {@code numeric} to {@code double}. */
final class Numbers {

  /** What {@code lc_monetary} C prints. Other locales swap the dot and the comma. */
  private static final Pattern MONEY = Pattern.compile("-?\\$[0-9]{1,3}(,[0-9]{3})*\\.[0-9]{2}");

  private Numbers() {}

  static BigDecimal decimal(String text) {
    if (!isFinite(text)) {
      throw new UnreadableException(
          "NaN or infinity has no such form; read it as double or String");
    }
    return new BigDecimal(text);
  }

  static BigDecimal money(String text) {
    if (!MONEY.matcher(text).matches()) {
      throw new UnreadableException("the value is not in lc_monetary C, such as -$1,234.50");
    }
    return new BigDecimal(text.replace("$", "").replace(",", ""));
  }

  static Float float4(String text) {
    float value = Float.parseFloat(text);
    if (Float.isInfinite(value) && isFinite(text)) {
      throw new UnreadableException("the value is too large");
    }
    return value;
  }

  static Double float8(String text) {
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value) && isFinite(text)) {
      throw new UnreadableException("the value is too large; read it as BigDecimal or String");
    }
    return value;
  }

  static Double exactDouble(String text) {
    double value = Double.parseDouble(text);
    if (new BigDecimal(value).compareTo(new BigDecimal(text)) != 0) {
      throw new UnreadableException("the value has more digits; read it as long");
    }
    return value;
  }

  private static boolean isFinite(String text) {
    return !text.endsWith("NaN") && !text.endsWith("Infinity");
  }
}
