package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot of more rows than are read from the recording in one go. */
class LongSnapshotIT {

  @TempDir private Path folder;

  @Test
  void doesNotHideWhatFollowsIt() throws Exception {
    try (Audited audited = new Audited(folder.resolve("recording"))) {
      audited.database.execute(
          "CREATE TABLE item (id int PRIMARY KEY, note text)",
          "INSERT INTO item SELECT i, repeat('x', 400) FROM generate_series(1, 25000) i");
      audited.install("item", "public.item");
      audited.whileRecording("UPDATE item SET note = 'streamed' WHERE id <= 3");
      AuditReport report = audited.audit();
      assertThat(report.isClean()).as(report.toString()).isTrue();
    }
  }
}
