using SpeechStream;

/// <summary>The account of the service that the environment names. Every example that can use one has this file.</summary>
internal static class Account
{
    /// <summary>The app key; null without an account.</summary>
    public static string? AppKey => Environment.GetEnvironmentVariable("NLS_APP_KEY");

    /// <summary>A token, or an access key.</summary>
    /// <exception cref="InvalidOperationException">The environment has neither.</exception>
    public static SpeechCredential Credential =>
        Environment.GetEnvironmentVariable("NLS_TOKEN") is { } token ? SpeechCredential.FromToken(token)
        : Environment.GetEnvironmentVariable("ALIYUN_AK_ID") is { } id && Environment.GetEnvironmentVariable("ALIYUN_AK_SECRET") is { } secret ? SpeechCredential.FromAccessKey(id, secret)
        : throw new InvalidOperationException("The environment needs NLS_APP_KEY, and NLS_TOKEN or ALIYUN_AK_ID and ALIYUN_AK_SECRET.");
}
