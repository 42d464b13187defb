package io.waltap.internal.decode;

/** Says why a text has no value of the form asked for, without quoting the text. */
final class UnreadableException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  UnreadableException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
