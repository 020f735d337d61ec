package dev.onbehalf.applinks;

/** Does something with an answer. */
@FunctionalInterface
public interface ResponseHandler {

  /** Reads the answer, which is closed afterwards. */
  void handle(Response response) throws ResponseException;
}
