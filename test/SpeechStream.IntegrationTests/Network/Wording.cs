namespace SpeechStream.IntegrationTests.Network;

/// <summary>What a message says in the protocol of the running test, of what tests name in NLS's words.</summary>
internal static class Wording
{
    public static string Of(string reply) => !BothServices.IsDashScope ? reply : reply switch
    {
        "TranscriptionStarted" => "task-started",
        "SentenceBegin" => "\"sentence_begin\":true",
        "SentenceEnd" => "\"sentence_end\":true",
        "\"result\"" => "\"text\"",
        "TranscriptionCompleted" => "task-finished",
        _ => reply,
    };
}
