namespace SpeechStream.Tests.Simulation;

/// <summary>The code of a failure, which is a number of NLS or a text of DashScope.</summary>
internal static class FailureCode
{
    /// <summary>What the service of the running test sends for a failure that tests name by NLS's number.</summary>
    public static object Of(int status) => BothServices.IsDashScope ? DashScopeDialect.Failure(status).Code : status;

    public static object? Code(this SpeechServiceException failure) => failure.ErrorCode ?? (object)failure.StatusCode;

    public static object? Code(this SpeechAuthenticationException failure) => failure.ErrorCode ?? (object?)failure.StatusCode;

    public static object? Code(this TaskFailed failure) => failure.ErrorCode ?? (object)failure.StatusCode;
}
