package io.waltap.generator.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row, or a key, as it was delivered.
 *
 * @param columns the names of what was delivered
 * @param texts PostgreSQL's text of each, null for null
 */
record Values(List<String> columns, List<@Nullable String> texts) {

  /** The text of a column that the server did not send; the instance itself, not its letters. */
  @SuppressWarnings("StringConstructor")
  static final String UNCHANGED = new String("unchanged");

  @SuppressWarnings("ReferenceEquality")
  boolean isUnchanged(int index) {
    return texts.get(index) == UNCHANGED;
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
