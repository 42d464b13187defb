package io.waltap.chaos;

import io.waltap.CdcEngine;
import io.waltap.CdcException;
import io.waltap.config.CdcConfig;
import java.time.Duration;

/**
 * A process that is an engine and nothing else, and says how it is on standard output. Ends when
 * asked to by SIGTERM; by itself with 3 if the engine failed, with 4 if it did not start.
 */
final class EngineProcess {

  /** Short, since a line that is dead is noticed after three of them. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  private EngineProcess() {}

  /** URL, user, password, slot. */
  static CdcConfig config(String[] args) {
    return CdcConfig.builder()
        .url(args[0])
        .user(args[1])
        .password(args[2])
        .slot(args[3])
        .heartbeatInterval(HEARTBEAT)
        .build();
  }

  /** Runs it; returns the exit code. */
  static int run(CdcEngine.Builder builder) throws InterruptedException {
    CdcEngine engine;
    try {
      engine = builder.start();
    } catch (CdcException e) {
      return end(Consumer.NOT_STARTED, e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "stop"));
    System.out.println(Consumer.READY);
    try {
      engine.awaitStopped();
      return 0;
    } catch (CdcException e) {
      return end(Consumer.FAILED, e);
    }
  }

  private static int end(int code, CdcException failure) {
    System.out.println(Consumer.FAILURE + String.valueOf(failure.getMessage()).replace('\n', ' '));
    return code;
  }
}
