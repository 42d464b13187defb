package io.waltap.generator.audit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row, or a key, as it was delivered.
 *
 * @param columns the names of what was delivered
 * @param texts PostgreSQL's text of each, null for null
 * @param json whether the texts are JSON as {@code ChangeJson} writes it instead
 */
record Values(List<String> columns, List<@Nullable String> texts, boolean json) {

  static final Values NONE = new Values(List.of(), List.of(), false);

  /** The text of a column that the server did not send; the instance itself, not its letters. */
  @SuppressWarnings("StringConstructor")
  static final String UNCHANGED = new String("unchanged");

  @SuppressWarnings("ReferenceEquality")
  boolean isUnchanged(int index) {
    return texts.get(index) == UNCHANGED;
  }

  /** Whether a value is the one that the ledger has for a column of this type. */
  boolean same(int index, @Nullable String field, String type) {
    return json
        ? JsonText.same(field, texts.get(index), type)
        : RecordText.same(field, texts.get(index));
  }

  /** PostgreSQL's text of a value of this type. */
  @Nullable String text(int index, String type) {
    return json && !isUnchanged(index) ? JsonText.of(texts.get(index), type) : texts.get(index);
  }

  /**
   * With PostgreSQL's texts, but without what a line of JSON does not keep letter by letter: the
   * columns of type {@code json}.
   */
  Values plain(Shape shape) {
    if (!json) {
      return this;
    }
    List<String> kept = new ArrayList<>();
    List<@Nullable String> plain = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String type = shape.type(columns.get(i));
      if (!type.equals("json")) {
        kept.add(columns.get(i));
        plain.add(text(i, type));
      }
    }
    return new Values(kept, plain, false);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < texts.size() && text.length() < 200; i++) {
      text.append(i == 0 ? "" : ", ").append(columns.get(i)).append('=');
      String value = isUnchanged(i) ? "<unchanged>" : texts.get(i);
      text.append(value != null && value.length() > 200 ? value.substring(0, 200) + "..." : value);
    }
    return text.append('}').toString();
  }
}
