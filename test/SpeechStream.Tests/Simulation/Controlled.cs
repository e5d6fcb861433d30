using System.Text.Json;

namespace SpeechStream.Tests.Simulation;

/// <summary>What a control message can change, which differs between the services.</summary>
internal static class Controlled
{
    public static string Parameter => BothServices.IsDashScope ? "context" : "max_sentence_silence";

    /// <summary>The parameter in a control message or a start message.</summary>
    public static JsonElement In(JsonElement message)
    {
        var payload = message.GetProperty("payload");
        return (BothServices.IsDashScope ? payload.GetProperty("input") : payload).GetProperty(Parameter);
    }
}
