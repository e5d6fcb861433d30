namespace SpeechStream.Media;

/// <summary>A recording needs <c>ffmpeg</c>, which is not installed; the message says how to install it.</summary>
public sealed class DecoderUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DecoderUnavailableException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing and how to install it.</param>
    public DecoderUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing and how to install it.</param>
    /// <param name="innerException">How it was noticed.</param>
    public DecoderUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
