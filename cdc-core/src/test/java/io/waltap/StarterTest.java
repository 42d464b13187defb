package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.config.CdcConfig;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A start that fails leaves nothing open, whatever made it fail. */
class StarterTest {

  /** Nobody listens at port 1, so this store is only looked at. */
  private static final CdcConfig NOWHERE =
      CdcConfig.postgres("jdbc:postgresql://localhost:1/shop", "cdc", "secret");

  private static class BrokenStore implements OffsetStore {

    boolean closed;

    @Override
    public Optional<Offset> open() {
      throw new IllegalStateException("broken");
    }

    @Override
    public Optional<Offset> peek() {
      throw new IllegalStateException("broken");
    }

    @Override
    public void save(Offset offset) {}

    @Override
    public void close() throws IOException {
      closed = true;
    }
  }

  private static CdcEngine.Builder with(OffsetStore store) {
    return CdcEngine.builder(NOWHERE).listenAll(event -> {}).offsets(store);
  }

  @Test
  void aStoreThatThrowsUnexpectedlyIsClosed() {
    BrokenStore store = new BrokenStore();
    assertThatThrownBy(() -> with(store).start()).hasMessage("broken");
    assertThat(store.closed).isTrue();
  }

  @Test
  void aStoreThatDoesNotCloseHidesNotWhatMadeTheStartFail() {
    BrokenStore store =
        new BrokenStore() {
          @Override
          public void close() throws IOException {
            throw new IOException("stuck");
          }
        };
    assertThatThrownBy(() -> with(store).start())
        .hasMessage("broken")
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
  }
}
