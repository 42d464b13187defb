package io.waltap.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the password comes from; it is asked for anew by each connection, and never shown. */
final class Password {

  private final String source;
  private final Supplier<@Nullable String> supplier;

  private Password(String source, Supplier<@Nullable String> supplier) {
    this.source = source;
    this.supplier = supplier;
  }

  static Password of(String password) {
    return new Password("the password", () -> password);
  }

  static Password of(Supplier<? extends @Nullable String> supplier) {
    return new Password("the supplier of the password", supplier::get);
  }

  /** The whole file but one line break at its end, which editors add and secrets do not have. */
  static Password in(Path file) {
    return new Password("the password file " + file, () -> read(file));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).replaceFirst("\\r?\\n\\z", "");
    } catch (IOException e) {
      throw new IllegalStateException("it cannot be read", e);
    }
  }

  /**
   * The password of this moment.
   *
   * @throws IllegalStateException if there is none; the message names the source and the kind of
   *     exception, whose own words may hold anything and stay in the cause
   */
  String get() {
    String password;
    try {
      password = supplier.get();
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() instanceof IOException io ? io : e;
      throw new IllegalStateException(source + " failed: " + cause.getClass().getName(), cause);
    }
    if (password == null) {
      throw new IllegalStateException(source + " gave null");
    }
    return password;
  }
}
