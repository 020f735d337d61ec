package org.jenkinsci.plugins.workflow.steps;

/** Stands in for the exception Jenkins throws into a pipeline that is aborted or times out. */
public final class FlowInterruptedException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String result;

  public FlowInterruptedException(String result) {
    super(result);
    this.result = result;
  }

  public String getResult() {
    return result;
  }
}
