package io.waltap.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Row;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayConversionsTest {

  /** Its components are the only way to spell these types. */
  private record Types(
      List<String> strings,
      List<Integer> integers,
      List<List<Integer>> matrix,
      List<? extends BigDecimal> decimals,
      List<byte[]> blobs,
      List<Thread> threads) {}

  static final Type STRINGS = component(0);
  private static final Type INTEGERS = component(1);
  private static final Type MATRIX = component(2);
  private static final Type DECIMALS = component(3);
  private static final Type BLOBS = component(4);
  private static final Type THREADS = component(5);

  private static Type component(int index) {
    return Types.class.getRecordComponents()[index].getGenericType();
  }

  @Test
  void readsPlainElements() {
    assertThat(read("_int4", "{1,-2,NULL}", INTEGERS)).isEqualTo(Arrays.asList(1, -2, null));
    assertThat(read("_numeric", "{1.50}", DECIMALS)).isEqualTo(List.of(new BigDecimal("1.50")));
    assertThat(read("_int4", "{}", INTEGERS)).isEqualTo(List.of());
  }

  @Test
  void readsQuotesEscapesAndTheWordNull() {
    String text =
        "{\"\",\"a,b\",\"{c}\",\"say \\\"hi\\\"\",\"back\\\\slash\",\"NULL\",NULL,null, d e}";

    assertThat(read("_text", text, STRINGS))
        .isEqualTo(
            Arrays.asList(
                "", "a,b", "{c}", "say \"hi\"", "back\\slash", "NULL", null, "null", " d e"));
  }

  @Test
  void ignoresLowerBounds() {
    assertThat(read("_int4", "[0:1]={7,8}", INTEGERS)).isEqualTo(List.of(7, 8));
    assertThat(read("_int4", "[-1:-1][2:3]={{7,8}}", MATRIX)).isEqualTo(List.of(List.of(7, 8)));
    assertThat(read("_text", "{\"[0:1]={a}\"}", STRINGS)).isEqualTo(List.of("[0:1]={a}"));
  }

  @Test
  void nestsDimensions() {
    String text = "{{1,2},{3,NULL}}";
    List<?> nested = List.of(List.of(1, 2), Arrays.asList(3, null));

    assertThat(read("_int4", text, MATRIX)).isEqualTo(nested);
    assertThat(read("_int4", text, Object.class)).isEqualTo(nested);
    assertThat(read("_int4", "{{1},{2}}", int[][].class)).isEqualTo(new int[][] {{1}, {2}});
    assertThat(read("_int4", "{}", MATRIX)).isEqualTo(List.of());
  }

  @Test
  void readsJavaArrays() {
    assertThat(read("_int4", "{1,2}", int[].class)).isEqualTo(new int[] {1, 2});
    assertThat(read("_int4", "{1,NULL}", Integer[].class)).isEqualTo(new Integer[] {1, null});
    assertThat(read("_text", "{a}", String[].class)).isEqualTo(new String[] {"a"});
    assertThat(read("_bool", "{t,f}", boolean[].class)).isEqualTo(new boolean[] {true, false});
  }

  @Test
  void bytesAreOneValueNotAnArray() {
    byte[][] blobs = {{1}, {2, 3}};

    assertThat(read("_bytea", "{\"\\\\x01\",\"\\\\x0203\"}", byte[][].class)).isEqualTo(blobs);
    assertThat((List<?>) read("_bytea", "{\"\\\\x01\"}", BLOBS)).first().isEqualTo(blobs[0]);
    assertThat(Conversions.supports("_int2", byte[].class)).isFalse();
  }

  @Test
  void readsEachElementAsItsNaturalType() {
    UUID uuid = UUID.randomUUID();

    assertThat(read("_uuid", "{" + uuid + "}", List.class)).isEqualTo(List.of(uuid));
    assertThat(read("_uuid", "{" + uuid + ",NULL}", Object.class))
        .isEqualTo(Arrays.asList(uuid, null));
    assertThat(read("_mood", "{HAPPY}", Object.class)).isEqualTo(List.of("HAPPY"));
  }

  @Test
  void boxesHaveADelimiterOfTheirOwn() {
    assertThat(read("_box", "{(1,1),(0,0);(2,2),(1,1)}", STRINGS))
        .isEqualTo(List.of("(1,1),(0,0)", "(2,2),(1,1)"));
  }

  @Test
  void listsCannotBeChanged() {
    List<?> list = (List<?>) read("_int4", "{1}", INTEGERS);

    assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aNullFitsNoPrimitiveArray() {
    assertThatThrownBy(() -> read("_int4", "{1,NULL}", int[].class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds a null");
  }

  @Test
  void dimensionsMustAgree() {
    assertThatThrownBy(() -> read("_int4", "{{1}}", INTEGERS))
        .hasMessageContaining("more dimensions");
    assertThatThrownBy(() -> read("_int4", "{1}", MATRIX)).hasMessageContaining("fewer dimensions");
  }

  @Test
  void anElementThatDoesNotFitIsAnError() {
    assertThatThrownBy(() -> read("_int8", "{1,4111111111}", INTEGERS))
        .hasMessageContaining("does not fit")
        .hasMessageNotContaining("4111111111");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "{", "}", "{1", "{1}}", "{1,}", "{,1}", "{\"a}", "{\"a\\", "[0:1]", "{1}x", "1"
      })
  void refusesWhatIsNoArray(String text) {
    assertThatThrownBy(() -> read("_text", text, STRINGS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not an array");
  }

  @Test
  void anElementTypeWithoutSuchAFormIsUnsupported() {
    assertThat(Conversions.supports("_text", INTEGERS)).isFalse();
    assertThat(Conversions.supports("_mood", THREADS)).isFalse();
    assertThat(Conversions.supports("int4", INTEGERS)).isFalse();
    assertThat(Conversions.supports("_int4", MATRIX)).isTrue();
  }

  private static Object read(String type, String text, Type target) {
    Row row = RowLayout.of(List.of(new ColumnShape("c", type, false))).row(new String[] {text});
    @Nullable Object value = row.get("c", target);
    return Objects.requireNonNull(value);
  }
}
