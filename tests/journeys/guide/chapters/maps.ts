import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'places' }

export const maps: Chapter = {
  title: 'Maps: LocationService',
  about: '',
  rows: [
    value(
      ['class LocationService', 'def LocationService.__init__'],
      'the routes below `/v1/geo`; Nominatim’s one call a second is kept for all apps together',
      later,
    ),
    {
      guide: ['def LocationService.geocode_address'],
      here: '`GET /v1/geo/geocode?address=…`; a place that is told without `location` is geocoded by itself',
      jobs: ['places.geocode'],
      fields: '`{latitude, longitude, address}`',
      errors: '404 `address-not-found`',
      proof: later,
    },
    value(['LocationService.geocode_address: latitude'], '`latitude`', later),
    value(['LocationService.geocode_address: longitude'], '`longitude`', later),
    value(['LocationService.geocode_address: address'], '`address`', later),
    value(['error ValueError'], '404 `address-not-found` in place of `ValueError("Address not found")`', later),
    {
      guide: ['def LocationService.calculate_distance'],
      here: '`GET /v1/geo/distance?from=lat,lon&to=lat,lon`',
      jobs: [],
      fields: '`{kilometers}`',
      errors: '422 for a point that is not on Earth',
      proof: later,
    },
    value(['LocationService.calculate_distance: returns kilometers'], '`kilometers`', later),
  ],
}
