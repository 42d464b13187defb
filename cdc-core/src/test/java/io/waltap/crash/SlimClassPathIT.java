package io.waltap.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams in a process that has nothing but what an application gets by depending on this library,
 * so that no test dependency can stand in for a class that was excluded.
 */
class SlimClassPathIT {

  private static final Path TARGET = Path.of("target");

  @TempDir private Path folder;

  private static List<Path> jars() throws IOException {
    String classPath = Files.readString(TARGET.resolve("runtime-class-path")).strip();
    return Stream.of(classPath.split(File.pathSeparator)).map(Path::of).toList();
  }

  @Test
  void theClassPathIsSmall() throws IOException {
    long bytes = 0;
    for (Path jar : jars()) {
      bytes += Files.size(jar);
    }
    System.out.printf("class path: %d jars, %.1f MB%n", jars().size() + 1, bytes / 1e6);
    assertThat(jars().size() + 1).as("jars, ours included: %s", jars()).isLessThanOrEqualTo(26);
    assertThat(bytes).isLessThanOrEqualTo(20_000_000);
  }

  @Test
  void snapshotAndStreamWorkWithNothingElse() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          "CREATE TABLE item (id int PRIMARY KEY)",
          "CREATE PUBLICATION waltap FOR TABLE item",
          "INSERT INTO item VALUES (1)");
      ChildJvm child =
          ChildJvm.start(SnapshotConsumer.class, slimClassPath(), database, folder, 0)
              .awaitStreaming();
      database.execute("INSERT INTO item VALUES (2)");
      Await.until("the streamed row has come", () -> child.output().contains("2"));
      assertThat(child.stop()).as("it said %s", child.output()).isZero();
      assertThat(child.output()).endsWith("1", "2");
    }
  }

  private static String slimClassPath() throws IOException {
    return String.join(
        File.pathSeparator,
        Files.readString(TARGET.resolve("runtime-class-path")).strip(),
        TARGET.resolve("classes").toString(),
        TARGET.resolve("test-classes").toString());
  }
}
