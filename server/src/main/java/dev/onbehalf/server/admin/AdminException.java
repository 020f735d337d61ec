package dev.onbehalf.server.admin;

/** Refuses an administrator's request with a status and one sentence. */
final class AdminException extends RuntimeException {
  private final int status;

  AdminException(int status, String sentence) {
    super(sentence);
    this.status = status;
  }

  static AdminException notFound(String what, String name) {
    return new AdminException(404, "There is no " + what + " '" + name + "'.");
  }

  static AdminException badRequest(String sentence) {
    return new AdminException(400, sentence);
  }

  int status() {
    return status;
  }
}
