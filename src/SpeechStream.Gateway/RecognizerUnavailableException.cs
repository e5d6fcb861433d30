namespace SpeechStream.Gateway;

/// <summary>A recognizer needs a library or a model that is not installed; the message says how to install it.</summary>
public sealed class RecognizerUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public RecognizerUnavailableException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing and how to install it.</param>
    public RecognizerUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing and how to install it.</param>
    /// <param name="innerException">How it was noticed.</param>
    public RecognizerUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
