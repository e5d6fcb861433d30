namespace SpeechStream.Cli.Doctor;

/// <summary>Which step a failure of the library belongs to.</summary>
internal static class Verdict
{
    /// <summary>The step that an exception belongs to.</summary>
    /// <param name="exception">What the library threw.</param>
    /// <param name="otherwise">The step that was tried, for what says nothing about an earlier one.</param>
    public static Step StepOf(Exception exception, Step otherwise) => exception switch
    {
        SpeechAuthenticationException { ErrorCode: { } code } when code.StartsWith("AccessDenied", StringComparison.Ordinal) => Step.AppKey,
        SpeechAuthenticationException => Step.Key,
        SpeechServiceException { ErrorCode: { } code } => OfDashScope(code, otherwise),
        SpeechServiceException { StatusCode: var status } => OfNls(status, otherwise),
        _ => otherwise,
    };

    private static Step OfNls(int status, Step otherwise) => status switch
    {
        40000003 or 40020105 or 40020106 or 41000002 or 41000003 => Step.AppKey,
        40000005 or 40000010 or 43040001 => Step.Account,
        40000009 or 40270003 or 41010100 or 41010101 or 41040203 or 41050008 => Step.Audio,
        _ => otherwise,
    };

    private static Step OfDashScope(string code, Step otherwise) => code switch
    {
        "ModelNotFound" or "InvalidParameter" => Step.AppKey,
        "Arrearage" => Step.Account,
        "UNSUPPORTED_FORMAT" => Step.Audio,
        _ when code.StartsWith("Throttling", StringComparison.Ordinal) || code.StartsWith("AllocationQuota", StringComparison.Ordinal) => Step.Account,
        _ => otherwise,
    };

    /// <summary>What an account of the vendor may, where the service only says that it is too much.</summary>
    public static string Advice(Exception exception) => exception switch
    {
        SpeechServiceException { StatusCode: 40000010 } => " A trial lasts three months.",
        SpeechServiceException { StatusCode: 40000005 or 43040001 } => " A trial account may run 2 sessions at once, a paid one 200 unless more are bought; they count over all its app keys.",
        _ => "",
    };
}
