import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'places' }
const suggestions = 'MapService.get_place_suggestions'
const route = 'MapService.calculate_route'

export const mapService: Chapter = {
  title: 'Suggestions and routes: MapService',
  about: '',
  rows: [
    value(['class MapService', 'def MapService.__init__'], 'the routes below `/v1/geo`', later),
    value(['MAPBOX_TOKEN'], '`MAPBOX_TOKEN` of the intake', later),
    {
      guide: [`def ${suggestions}`],
      here: '`GET /v1/geo/suggest?query=…`',
      jobs: [],
      fields: '`[{place_name, coordinates}]`',
      errors: '503 when Mapbox is away',
      proof: later,
    },
    value([`${suggestions}: place_name`], '`place_name`', later),
    value(
      [`${suggestions}: coordinates`, `${suggestions}: geometry`],
      '`coordinates`: `{lat, lon}`, where Mapbox’s order was longitude first',
      later,
    ),
    {
      guide: [`def ${route}`],
      here: '`GET /v1/geo/route?from=lat,lon&to=lat,lon`',
      jobs: [],
      fields: '`{distance, duration, polyline}`',
      errors: '404 `no-route`',
      proof: later,
    },
    value([`${route}: distance`], '`distance`, metres', later),
    value([`${route}: duration`], '`duration`, seconds', later),
    value([`${route}: polyline`, `${route}: geometry`], '`polyline`, with its encoding named', later),
  ],
}
