namespace SpeechStream.Media;

/// <summary>What decodes a recording.</summary>
public enum AudioDecoder
{
    /// <summary>This package itself.</summary>
    BuiltIn,

    /// <summary>The codecs and the resampler of NAudio.</summary>
    NAudio,

    /// <summary>The Opus decoder Concentus.</summary>
    Concentus,

    /// <summary>The program <c>ffmpeg</c>.</summary>
    Ffmpeg,
}
