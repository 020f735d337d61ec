package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A run of a pipeline; {@code spec/jira-cicd.md} section 2.6. */
public final class Build extends Report {
  private Build(ObjectNode draft) {
    super(DataType.BUILDS, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fields of a {@link Build}. */
  public static final class Builder {
    private final ObjectNode json = object().put("schemaVersion", "1.0");

    private Builder() {}

    /** Required, at most 255 characters; with the build number it identifies the build. */
    @CanIgnoreReturnValue
    public Builder pipelineId(String id) {
      json.put("pipelineId", id);
      return this;
    }

    /** Required, not negative. */
    @CanIgnoreReturnValue
    public Builder buildNumber(long number) {
      json.put("buildNumber", number);
      return this;
    }

    /** The order among the updates of this build; by default the sender numbers it. */
    @CanIgnoreReturnValue
    public Builder updateSequenceNumber(long number) {
      json.put("updateSequenceNumber", number);
      return this;
    }

    /** Required, at most 255 characters. */
    @CanIgnoreReturnValue
    public Builder displayName(String name) {
      json.put("displayName", name);
      return this;
    }

    /** At most 255 characters. */
    @CanIgnoreReturnValue
    public Builder description(String text) {
      json.put("description", text);
      return this;
    }

    /** At most 255 characters. */
    @CanIgnoreReturnValue
    public Builder label(String text) {
      json.put("label", text);
      return this;
    }

    /** Required, an absolute http(s) URL of at most 2000 characters. */
    @CanIgnoreReturnValue
    public Builder url(String url) {
      json.put("url", url);
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder state(BuildState state) {
      json.put("state", state.word());
      return this;
    }

    /** Required; sent with millisecond resolution. */
    @CanIgnoreReturnValue
    public Builder lastUpdated(Instant time) {
      json.put("lastUpdated", wire(time));
      return this;
    }

    /** Required, 1 to 500 keys, sent in the order given. */
    @CanIgnoreReturnValue
    public Builder issueKeys(Collection<String> keys) {
      ArrayNode values = json.putArray("issueKeys");
      keys.forEach(values::add);
      return this;
    }

    /** What the tests of the build showed. */
    @CanIgnoreReturnValue
    public Builder testInfo(TestInfo tests) {
      json.set("testInfo", tests.toJson());
      return this;
    }

    /** A commit the build ran on; at most 5 references in all. */
    @CanIgnoreReturnValue
    public Builder commit(String id, String repositoryUrl) {
      json.withArray("references")
          .addObject()
          .set("commit", object().put("id", id).put("repositoryUri", repositoryUrl));
      return this;
    }

    /** A branch or tag the build ran on; at most 5 references in all. */
    @CanIgnoreReturnValue
    public Builder ref(String name, String url) {
      json.withArray("references")
          .addObject()
          .set("ref", object().put("name", name).put("uri", url));
      return this;
    }

    /** A commit together with the branch or tag it was taken from. */
    @CanIgnoreReturnValue
    public Builder reference(String commit, String repositoryUrl, String ref, String refUrl) {
      ObjectNode reference = json.withArray("references").addObject();
      reference.set("commit", object().put("id", commit).put("repositoryUri", repositoryUrl));
      reference.set("ref", object().put("name", ref).put("uri", refUrl));
      return this;
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public Build build() {
      return new Build(json);
    }
  }
}
