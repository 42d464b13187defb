package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.internal.preflight.ServerCheck.Server;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What needs a server that is not at hand. */
class ServerCheckTest {

  @Test
  void refusesServerThatIsTooOld() {
    assertThat(ServerCheck.tooOld(13))
        .containsExactly(
            new Problem(
                Code.SERVER_TOO_OLD,
                "The server is PostgreSQL 13; the oldest supported is 14.",
                "Upgrade the server to PostgreSQL 14 or later."));
    assertThat(ServerCheck.tooOld(14)).isEmpty();
  }

  @Test
  void refusesStandbyThatCannotDecode() {
    assertThat(ServerCheck.problems(server(15, true, true, null)))
        .containsExactly(
            new Problem(
                Code.STANDBY,
                "The server is a standby, which cannot decode changes before PostgreSQL 16.",
                "Connect to the primary server."));
    assertThat(ServerCheck.problems(server(16, true, true, null))).isEmpty();
  }

  @Test
  void takesMembershipThatAmazonUsesForReplication() {
    assertThat(ServerCheck.problems(server(16, false, false, true))).isEmpty();
    assertThat(ServerCheck.problems(server(16, false, false, false)))
        .containsExactly(
            new Problem(
                Code.NO_REPLICATION_RIGHT,
                "The role \"my cdc\" may not replicate.",
                "GRANT rds_replication TO \"my cdc\";"));
  }

  private static Server server(
      int version, boolean standby, boolean replicates, @Nullable Boolean rds) {
    return new Server(
        version, "1", 1, null, "db", "UTF8", standby, "logical", "my cdc", replicates, rds);
  }
}
