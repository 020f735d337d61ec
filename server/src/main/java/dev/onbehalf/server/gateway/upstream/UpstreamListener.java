package dev.onbehalf.server.gateway.upstream;

/** Who sent a request and waits for its answer; exactly one of the methods is called, once. */
public interface UpstreamListener {

  /** The header of the answer is here; its body is read from {@code response}. Must not block. */
  void onResponse(UpstreamResponse response);

  /** There will be no answer. Must not block. */
  void onFailure(UpstreamException failure);
}
