namespace SpeechStream;

/// <summary>Addresses of the service. The internal ones are unencrypted (<c>ws</c>) inside the vendor's cloud, and need <see cref="SpeechStreamClientOptions.AllowInsecure"/>.</summary>
public static class SpeechEndpoints
{
    /// <summary>China (Shanghai). The default.</summary>
    public static Uri Shanghai { get; } = new("wss://nls-gateway-cn-shanghai.aliyuncs.com/ws/v1");

    /// <summary>China (Beijing).</summary>
    public static Uri Beijing { get; } = new("wss://nls-gateway-cn-beijing.aliyuncs.com/ws/v1");

    /// <summary>China (Shenzhen).</summary>
    public static Uri Shenzhen { get; } = new("wss://nls-gateway-cn-shenzhen.aliyuncs.com/ws/v1");

    /// <summary>The closest region of mainland China, which DNS chooses.</summary>
    public static Uri Nearest { get; } = new("wss://nls-gateway.aliyuncs.com/ws/v1");

    /// <summary>Singapore (international site).</summary>
    public static Uri Singapore { get; } = new("wss://nls-gateway-ap-southeast-1.aliyuncs.com/ws/v1");

    /// <summary>China (Shanghai) from inside the vendor's cloud.</summary>
    public static Uri ShanghaiInternal { get; } = new("ws://nls-gateway-cn-shanghai-internal.aliyuncs.com:80/ws/v1");

    /// <summary>China (Beijing) from inside the vendor's cloud.</summary>
    public static Uri BeijingInternal { get; } = new("ws://nls-gateway-cn-beijing-internal.aliyuncs.com:80/ws/v1");

    /// <summary>China (Shenzhen) from inside the vendor's cloud.</summary>
    public static Uri ShenzhenInternal { get; } = new("ws://nls-gateway-cn-shenzhen-internal.aliyuncs.com:80/ws/v1");

    /// <summary>The names above, which configuration may use.</summary>
    internal static IReadOnlyCollection<string> Names => ByName.Keys;

    private static Dictionary<string, Uri> ByName { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(Shanghai)] = Shanghai,
        [nameof(Beijing)] = Beijing,
        [nameof(Shenzhen)] = Shenzhen,
        [nameof(Nearest)] = Nearest,
        [nameof(Singapore)] = Singapore,
        [nameof(ShanghaiInternal)] = ShanghaiInternal,
        [nameof(BeijingInternal)] = BeijingInternal,
        [nameof(ShenzhenInternal)] = ShenzhenInternal,
    };

    /// <summary>The endpoint of this name; null when there is none.</summary>
    internal static Uri? Find(string name) => ByName.GetValueOrDefault(name);
}
