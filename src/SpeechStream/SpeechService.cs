namespace SpeechStream;

/// <summary>The vendor's services. The credential of a client decides which of them it uses.</summary>
public enum SpeechService
{
    /// <summary>Intelligent Speech Interaction (NLS), namespace <c>SpeechTranscriber</c>.</summary>
    Nls,

    /// <summary>DashScope, which is also called Model Studio.</summary>
    DashScope,
}
