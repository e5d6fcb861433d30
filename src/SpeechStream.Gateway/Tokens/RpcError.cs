namespace SpeechStream.Gateway.Tokens;

/// <summary>A refusal of the token service. The vendor's page for this call lists no codes; these are those of its RPC services in general.</summary>
internal sealed record RpcError(int HttpStatus, string Code, string Message)
{
    public static readonly RpcError Throttled = new(400, "Throttling.User", "Request was denied due to user flow control.");

    public static readonly RpcError UnknownAccessKey = new(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");

    public static readonly RpcError WrongSignature =
        new(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.");

    public static readonly RpcError BadTimestamp = new(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");

    public static readonly RpcError OldTimestamp = new(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");

    public static readonly RpcError UsedNonce = new(400, "SignatureNonceUsed", "Specified signature nonce was used already.");

    public static readonly RpcError UnknownMethod = new(405, "UnsupportedHTTPMethod", "This http method is not supported.");

    public static readonly RpcError UnreadableForm = new(400, "InvalidParameter", "The form of the request can not be read.");

    public static RpcError Missing(string parameter) =>
        new(400, $"Missing{parameter}", $"{parameter} is mandatory for this action.");

    public static RpcError Unsupported(string parameter) =>
        new(400, $"Invalid{parameter}", $"Specified value of {parameter} is not supported.");
}
