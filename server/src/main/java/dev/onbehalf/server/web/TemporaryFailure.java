package dev.onbehalf.server.web;

/** Marks exceptions that are nobody's fault and may pass: answered with 503. */
public interface TemporaryFailure {}
