package io.waltap.examples.readme;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Row;

final class Operations {

  private Operations() {}

  // readme: operations
  static void onChange(ChangeEvent<Row> change) {
    switch (change.operation()) {
      case READ -> show(((Read<Row>) change).after());
      case INSERT -> show(((Insert<Row>) change).after());
      case UPDATE -> show(((Update<Row>) change).after()); // and before, previousKey, keyChanged
      case DELETE -> show(((Delete<Row>) change).key()); // and before
      case TRUNCATE -> System.out.println("all rows of " + change.table() + " are gone");
    }
  }

  // readme: end

  static void show(Row row) {
    for (String column : row.columns()) {
      String text = row.isUnchanged(column) ? "(not sent)" : row.getString(column);
      System.out.println(column + " = " + text);
    }
  }
}
