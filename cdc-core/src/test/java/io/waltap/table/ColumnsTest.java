package io.waltap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {

  @ParameterizedTest
  @CsvSource({
    "id, id",
    "userId, userId user_id",
    "ipAddress, ipAddress ip_address",
    "URLPath, URLPath url_path",
    "userID, userID user_id",
    "address2, address2 address_2",
    "line2Text, line2Text line2_text line_2_text",
    "größeÜber, größeÜber größe_über",
    "user_id, user_id",
    "aB, aB a_b"
  })
  void aNameStandsForItselfThenForSnakeCase(String name, String columns) {
    assertThat(Columns.of(name)).isEqualTo(List.of(columns.split(" ")));
  }
}
