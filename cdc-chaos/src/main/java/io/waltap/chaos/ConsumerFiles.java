package io.waltap.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a consumer in its folder. */
record ConsumerFiles(Path folder) {

  /** What was delivered. */
  Path recording() {
    return folder.resolve("recording");
  }

  /** What the messages at the end of transactions said. */
  Path notes() {
    return folder.resolve("transactions");
  }

  /** Which rows the last snapshot delivered. */
  Path snapshot() {
    return folder.resolve("snapshot");
  }

  /** The keys of events that the stock engine was given. */
  Path keys() {
    return folder.resolve("keys");
  }

  /** The position. */
  Path offset() {
    return folder.resolve("offset");
  }

  Path previousOffset() {
    return folder.resolve("offset.previous");
  }

  /** While it is there, the disk is full for the position. */
  Path diskFull() {
    return folder.resolve("disk-full");
  }

  /** Standard error. */
  Path log() {
    return folder.resolve("consumer.log");
  }

  /** Makes room for another round, while no consumer runs. */
  void rotate() throws IOException {
    for (Path file : List.of(recording(), notes(), snapshot(), log())) {
      Files.deleteIfExists(file);
    }
  }
}
