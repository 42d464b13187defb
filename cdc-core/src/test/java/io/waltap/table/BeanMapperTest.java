package io.waltap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.table.Table.Component;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BeanMapperTest {

  static class Entity<K> {
    @Nullable K id;

    public void setId(K id) {
      this.id = id;
    }
  }

  static class Account extends Entity<Long> {
    @Nullable String userId;
    @Nullable List<BigDecimal> amounts;
    int age;
    @Nullable String url;

    /** Narrows the type, so that the property is no type variable. */
    @Override
    public void setId(Long id) {
      super.setId(id);
    }

    public void setUserId(String userId) {
      this.userId = userId;
    }

    public void setAmounts(List<BigDecimal> amounts) {
      this.amounts = amounts;
    }

    public void setAge(int age) {
      this.age = age;
    }

    public void setURL(String url) {
      this.url = url;
    }

    public static void setDefaults(Account account) {
      account.age = 18;
    }

    public void set(String all) {
      throw new AssertionError(all);
    }

    public void setBoth(String one, String other) {
      throw new AssertionError(one + other);
    }
  }

  public static class Twice {
    public void setId(int id) {
      throw new AssertionError(id);
    }

    public void setId(String id) {
      throw new AssertionError(id);
    }
  }

  public static class Failing {
    public void setId(int id) throws IOException {
      throw new IOException("no " + id);
    }
  }

  @SuppressWarnings("ClassCanBeStatic") // on purpose: it has no constructor without parameters
  class Inner {
    public void setId(int id) {
      throw new AssertionError(id);
    }
  }

  @Test
  void fillsEverySetterByName() {
    Account account =
        Table.of("public.accounts", Account.class)
            .withColumn("age", "years")
            .mapper()
            .map(
                Rows.layout("id int8", "user_id text", "amounts _numeric", "years int2", "url text")
                    .row(new @Nullable String[] {"7", null, "{1.50}", "42", "http://x"}));

    assertThat(account.id).isEqualTo(7L);
    assertThat(account.userId).isNull();
    assertThat(account.amounts).containsExactly(new BigDecimal("1.50"));
    assertThat(account.age).isEqualTo(42);
    assertThat(account.url).isEqualTo("http://x");
  }

  @Test
  void propertiesAreTheInstanceSettersWithOneParameter() {
    assertThat(Table.of("public.accounts", Account.class).components())
        .extracting(Component::name)
        .containsExactly("URL", "age", "amounts", "id", "userId");
  }

  @Test
  void aSetterWithoutAColumnIsAnError() {
    RowMapper<Failing> mapper = Table.of("public.failing", Failing.class).mapper();

    assertThatThrownBy(() -> mapper.map(Rows.row("other int4", "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("component 'id' of Failing", "public.failing", "[other]");
  }

  @Test
  void whatASetterThrowsIsTheCause() {
    RowMapper<Failing> mapper = Table.of("public.failing", Failing.class).mapper();

    assertThatThrownBy(() -> mapper.map(Rows.row("id int4", "1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Failing")
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void twoSettersOfOneNameAreAnError() {
    assertThatThrownBy(() -> Table.of("public.twice", Twice.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Twice", "setId");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        String.class,
        Object.class,
        Map.class,
        int.class,
        int[].class,
        Inner.class,
        Thread.State.class
      })
  void refusesWhatIsNeitherRecordNorBean(Class<?> type) {
    assertThatThrownBy(() -> Table.of("public.things", type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(type.getName(), "neither a record nor a bean", "RowMapper");
  }

  @Test
  void refusesATypeThatItsModuleKeepsClosed() {
    Class<?> closed = DocumentBuilderFactory.newDefaultInstance().getClass();

    assertThatThrownBy(() -> Table.of("public.things", closed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(closed.getName(), "opens " + closed.getPackageName() + ";");
  }
}
