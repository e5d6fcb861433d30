using Microsoft.Extensions.AI;

namespace SpeechStream.Extensions.AI;

/// <summary>Who serves, as traces and metrics of Microsoft.Extensions.AI name it.</summary>
internal static class Provider
{
    /// <summary>Of the service, by the semantic conventions of OpenTelemetry for cloud providers; those for generative AI have no name for it.</summary>
    public const string Name = "alibaba_cloud";

    /// <summary>The telemetry of realtime sessions looks for this type, since the abstractions have none for realtime clients.</summary>
    public static ChatClientMetadata Describe(SpeechStreamClient client, TranscriptionOptions defaults) => new(Name, client.Endpoint, defaults.Model);
}
