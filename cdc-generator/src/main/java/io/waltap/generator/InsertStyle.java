package io.waltap.generator;

import java.util.Locale;

/** How the rows of a transaction reach the server. */
public enum InsertStyle {
  /** One statement for each row, as most applications do. */
  ROWS,
  /** Statements with many rows each, if the driver may rewrite batches. */
  BATCH,
  /** {@code COPY}, the fastest. */
  COPY;

  static InsertStyle parse(String text) {
    for (InsertStyle style : values()) {
      if (style.word().equals(text)) {
        return style;
      }
    }
    throw new IllegalArgumentException(
        "There is no way '" + text + "' to insert: it is rows, batch or copy.");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
