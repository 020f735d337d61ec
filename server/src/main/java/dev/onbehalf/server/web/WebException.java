package dev.onbehalf.server.web;

/** A request to one of our own pages that cannot be served; shown to the person as it stands. */
public final class WebException extends RuntimeException {
  private final int status;
  private final String title;
  private final String remedy;

  /**
   * Describes the refusal.
   *
   * @param status HTTP status, 400 or above
   * @param title a few words
   * @param sentence what happened, in one sentence, free of secrets
   * @param remedy what the person can do about it; empty for nothing
   */
  public WebException(int status, String title, String sentence, String remedy) {
    super(sentence, null, false, false);
    this.status = status;
    this.title = title;
    this.remedy = remedy;
  }

  /** Says in one sentence why a request cannot be read; 400. */
  public static WebException badRequest(String sentence) {
    return new WebException(
        400, "That request could not be read", sentence, "Go back and try again.");
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** What happened, in one sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  public String remedy() {
    return remedy;
  }
}
