package io.waltap.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A letter goes in the transaction of what its listener writes, or stays. */
class JdbcDeadLettersEffectIT extends LettersFixture {

  @Test
  void removesALetterTogetherWithItsEffect() throws Exception {
    database.execute("CREATE TABLE effect (id int)");
    try (JdbcDeadLetters letters = letters("a")) {
      park(letters, change(1, 1, "k"));
      DeadLetter letter = letters.list(1).get(0);
      assertThatThrownBy(
              () ->
                  letters.removeWith(
                      letter,
                      connection -> {
                        book(connection);
                        throw new IllegalStateException("on purpose");
                      }))
          .hasMessage("on purpose");
      assertThat(letters.count()).isEqualTo(1);
      assertThat(database.value("SELECT count(*) FROM effect")).isEqualTo("0");
      letters.removeWith(letter, JdbcDeadLettersEffectIT::book);
      assertThat(letters.count()).isZero();
      assertThat(database.value("SELECT count(*) FROM effect")).isEqualTo("1");
    }
  }

  private static void book(Connection connection) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute("INSERT INTO effect VALUES (1)");
    }
  }
}
