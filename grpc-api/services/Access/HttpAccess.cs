using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace RxChain.GrpcApi.Access;

/// <summary>What <see cref="AccessInterceptor"/> is for rpcs, for requests over HTTP: 403, or 429 with Retry-After.</summary>
internal sealed class HttpAccess(CallerQuotas quotas)
{
    /// <summary>Lets only those in who may read the log.</summary>
    public RequestDelegate ForTiles(RequestDelegate endpoint) => async context =>
    {
        if (context.Caller() is not { } caller || RpcAccess.Refusal(RpcAccess.Tiles, caller) is not null)
        {
            await Refuse(context, StatusCodes.Status403Forbidden, "The role reader or auditor is needed.");
            return;
        }
        if (quotas.TryEnter(caller, out var lease) is var (wait, what))
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await Refuse(context, StatusCodes.Status429TooManyRequests, $"More than {what}.");
            return;
        }
        using (lease)
            await endpoint(context);
    };

    private static Task Refuse(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
