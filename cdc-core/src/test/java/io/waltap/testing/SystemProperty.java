package io.waltap.testing;

import org.jspecify.annotations.Nullable;

/** A system property with a value of a test's, until it is closed. */
public final class SystemProperty implements AutoCloseable {

  private final String name;
  private final @Nullable String before;

  private SystemProperty(String name, @Nullable String before) {
    this.name = name;
    this.before = before;
  }

  /** Sets it. */
  public static SystemProperty of(String name, String value) {
    return new SystemProperty(name, System.setProperty(name, value));
  }

  @Override
  public void close() {
    if (before == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, before);
    }
  }
}
